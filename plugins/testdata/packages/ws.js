const WebSocket = require("ws");
try {
  const socket = new WebSocket("ws://127.0.0.1:1");
  socket.on("error", (error) => console.log("error", error.code));
} catch (error) {
  console.log(error.message);
}
