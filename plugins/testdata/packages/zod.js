const { z } = require("zod");
const schema = z.object({ name: z.string().min(2), mail: z.string().email().optional(), n: z.coerce.number().int(), kind: z.enum(["a", "b"]).default("a") });
console.log(schema.parse({ name: "xy", n: "5" }), schema.safeParse({ name: "x", mail: "q", n: 1.5 }).error.issues.map((i) => [i.path.join("."), i.code, i.message]));
console.log(z.union([z.string(), z.array(z.number())]).parse([1]), z.string().transform((s) => s.length).parse("abc"));
