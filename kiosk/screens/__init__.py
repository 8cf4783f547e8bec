"""What people see and touch. A screen draws what the journey says and hands it what was touched."""
