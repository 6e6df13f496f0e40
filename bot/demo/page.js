
// ---- Koredare's demo: added to simcord's own script ----
// Discord's + attaches a file; this page cannot, so that + presses the greeting's button, which asks for one.
document.querySelector("#show-picture").addEventListener("click", () => {
  const buttons = [...document.querySelectorAll("#channel-message-list button.component-button")];
  buttons.find((button) => button.textContent.trim() === "Show me a picture")?.click();
});
