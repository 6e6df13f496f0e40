
// ---- Koredare's demo: added to simcord's own script ----
// Discord's + attaches a file; this page cannot, so that + uses a command of the demo's bot, which asks for one.
document.querySelector("#show-picture").addEventListener("click", async () => {
  const { entries } = await request("/api/commands");
  const { commandId, path, schemaFingerprint } = entries.find((entry) => entry.invocation === "show");
  state.commandUploads = {};
  dispatch("run_command", { command_id: commandId, path, schema_fingerprint: schemaFingerprint, options: {} });
});

// A message's menu has what apps offer to do with it; bot/demo/apps.py does it.
document.addEventListener("koredare:app", ({ detail: { name, message } }) => {
  state.commandUploads = {};
  dispatch("run_command", { command_id: "0", path: [name], app: name, target_id: message, options: {} });
});
