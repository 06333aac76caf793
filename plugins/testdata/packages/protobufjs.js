const protobuf = require("protobufjs");
const root = protobuf.parse('syntax = "proto3"; message M { string name = 1; repeated int32 n = 2; uint64 big = 3; }').root;
const M = root.lookupType("M");
const bytes = M.encode(M.create({ name: "ü", n: [1, 150], big: 2 ** 40 })).finish();
console.log(Buffer.from(bytes).toString("hex"), M.toObject(M.decode(bytes), { longs: String }), M.verify({ name: 1 }));
