test("tracks an event for the host's own device", async () => {
  const p = await plugin.load({ device: { external_device_id: "kiosk-17", os_name: "linux" } });
  await p.sessionSuccess({ message: "Install tracked" });
  expect(p.tracked).toMatchObject([{
    kind: "event", eventToken: "hello1", callbackId: "greeting", callbackParams: { message: "Install tracked" },
    device: "external_device_id=kiosk-17",
  }]);
});

test("throws on a host that has no device", async () => {
  const p = await plugin.load({ device: {} });
  await expect(p.sessionSuccess()).rejects.toThrow("greeting.js:6");
  expect(p.tracked).toEqual([]);
});

test("Adjust.create sends a session at the start of a host", async () => {
  const p = await plugin.load({ firstStart: true, device: { external_device_id: "kiosk-17" } });
  expect(p.tracked).toMatchObject([{ kind: "session" }]);
});
