// "How do you know?": the words are required only for another way, and the user reads what will be kept.
"use strict";

addEventListener("input", (event) => {
  const answer = event.target.closest(".known");
  if (!answer) return;
  const [how, more, kept] = [answer.querySelector("select"), answer.querySelector("input"), answer.querySelector(".kept")];
  more.required = how.value === "other";
  const own = more.value.trim();
  const chosen = how.value && how.value !== "other" ? how.selectedOptions[0].text : "";
  const known = [chosen, own].filter(Boolean).join(": ");
  kept.textContent = known ? `Kept: ${kept.dataset.before} ${known}.` : "Your answer is kept with your name.";
});
