test("the mistake is found at the load", async () => {
  await expect(plugin.load()).rejects.toThrow(/plugins\/broken\.js:5:13: .*crate/);
});
