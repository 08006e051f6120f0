import assert from "node:assert/strict";
import { findPasswordProblem } from "../../../server/accounts/password_rules.ts";

const USER = { username: "ada_lovelace", email: "ada.love@example.com" };

const CASES: [string, RegExp][] = [
  ["", /at least 10 characters/],
  ["tortoise9", /at least 10 characters/],
  ["👟🚴🏊👟🚴🏊👟🚴🏊", /at least 10 characters/],
  ["tortoise lamp ".repeat(20), /at most 256 characters/],
  ["tortoise\u0000lamp 42", /control characters/],
  ["tortoise\nlamp 42", /control characters/],
  ["tortoise \ud800 lamp", /control characters/],
  ["aaaaaaaaaaaa", /repeats/],
  ["1212121212", /repeats/],
  ["abcdefabcdef", /repeats/],
  ["monkeymonkey1", /repeats/],
  ["abcdefghijkl", /sequence/],
  ["ZYXWVUTSRQP", /sequence/],
  ["1234567890", /sequence/],
  ["0987654321a", /sequence/],
  ["qwertyuiop12", /sequence/],
  ["qwertzuiop", /sequence/],
  ["1q2w3e4r5t6z", /sequence/],
  ["q1w2e3r4t5", /sequence/],
  ["password123", /try first/],
  ["Passw0rd!!2026", /try first/],
  ["p@$$w0rd1234", /try first/],
  ["!!!WELCOME2026", /try first/],
  ["correct horse battery staple", /try first/],
  ["strava-123456", /try first/],
  ["ada_lovelace1", /username or the e-mail/],
  ["Ada_Lovelace2026", /username or the e-mail/],
  ["ada.love99", /username or the e-mail/],
  ["x ada.love@example.com", /username or the e-mail/],
];

for (const [password, problem] of CASES) {
  Deno.test(`findPasswordProblem: refuses ${Deno.inspect(password.slice(0, 30))}`, () => {
    const found = findPasswordProblem(password, USER);
    assert.match(found ?? "", problem);
    assert.match(found ?? "", /^The password [^.]+$/);
  });
}

for (
  const password of [
    "ten thousand miles",
    "tortoise-lamp-42",
    "Xk3!kd92-_s",
    "ada_lovelace and the engine",
    "Grüße vom Brocken",
    "密码是一条很长的路线呢",
    "  padded with miles  ",
    "a1".repeat(10) + " but not only that",
    "tortoise lamp ".repeat(18),
  ]
) {
  Deno.test(`findPasswordProblem: accepts ${Deno.inspect(password.slice(0, 30))}`, () => {
    assert.equal(findPasswordProblem(password, USER), undefined);
  });
}
