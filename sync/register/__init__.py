"""The central register: takes in entries, keeps the marks, and shows the office how things stand."""
