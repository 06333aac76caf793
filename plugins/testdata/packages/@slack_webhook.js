const { IncomingWebhook } = require("@slack/webhook");
(async () => {
  const hook = new IncomingWebhook(`${process.env.SERVER}/ok`);
  console.log(await hook.send({ text: "hello", blocks: [] }));
  await new IncomingWebhook(`${process.env.SERVER}/status/404`).send("x").catch((error) => console.log(error.code, error.message));
})();
