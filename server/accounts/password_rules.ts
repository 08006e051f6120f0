const MIN_LENGTH = 10;
const MAX_LENGTH = 256;
const MIN_DISTINCT = 5;
/** What must be left of a password besides the names of its user. */
const MIN_OWN_LENGTH = 6;
/** More of the steps from a key to the next than this, and it is a way over the keyboard. */
const MAX_PREDICTABLE = 0.7;

/** Rows of keyboards, as people run along them. */
const ROWS = [
  "1234567890",
  "qwertyuiop",
  "qwertzuiop",
  "azertyuiop",
  "asdfghjkl",
  "zxcvbnm",
  "yxcvbnm",
];

/** What the most common passwords are made of, once digits and signs around it are gone. */
const COMMON = new Set(
  `
  password passwort passw passphrase motdepasse contrasena senha parola wachtwoord
  secret geheim topsecret default changeme changeit letmein letmeinnow openup opensesame
  welcome willkommen welcometo welcomehome bienvenue hello helloworld hellohello guest test testing
  testtest tester user username admin administrator administrador root rootroot superuser master
  supervisor manager login loginlogin access account computer internet server system windows
  iloveyou iloveyouso iloveu lovely loveme sweetheart princess princesse sunshine
  football fussball baseball basketball soccer hockey volleyball liverpool chelsea arsenal
  barcelona realmadrid juventus manchester dragon monkey shadow superman batman spiderman
  starwars pokemon pikachu naruto michael jennifer jessica charlie daniel thomas jordan
  computer trustno trustnoone whatever freedom blink summer winter spring autumn
  sommer fruehling herbst january february march april june july august september october
  november december monday tuesday wednesday thursday friday saturday sunday
  strava paceline running runner cycling cyclist marathon halfmarathon triathlon triathlete
  ironman athlete training trainings workout bicycle mountainbike swimming swimmer garmin
  qwerty qwertz azerty asdf qwertyuiop asdfghjkl zxcvbnm qazwsx qazwsxedc
  correcthorsebatterystaple
  `.trim().split(/\s+/),
);

const LOOKS_LIKE: Readonly<Record<string, string>> = {
  "@": "a",
  "4": "a",
  "3": "e",
  "1": "i",
  "!": "i",
  "0": "o",
  "$": "s",
  "5": "s",
  "7": "t",
};

/** Why a password is refused, as a sentence; `undefined` for one that is good. */
export function findPasswordProblem(
  text: string,
  { username, email }: { username: string; email: string },
): string | undefined {
  const password = text.normalize("NFC");
  // As a person counts: a letter beyond the basic plane is one, too.
  const length = [...password].length;
  if (length < MIN_LENGTH) {
    return `The password must have at least ${MIN_LENGTH} characters`;
  }
  if (length > MAX_LENGTH) {
    return `The password must have at most ${MAX_LENGTH} characters`;
  }
  if (/\p{Cc}/u.test(password) || !password.isWellFormed()) {
    return "The password must not have control characters";
  }
  const lower = password.toLowerCase();
  if (isRepeated(lower)) {
    return "The password repeats too few characters";
  }
  if (isSequence(lower)) {
    return "The password is a sequence that is quickly guessed";
  }
  if (isCommon(lower)) {
    return "The password is among those that are tried first";
  }
  if (isName(lower, [email, ...email.split("@", 1), username])) {
    return "The password must not be made of the username or the e-mail address";
  }
  return undefined;
}

function isRepeated(password: string): boolean {
  return new Set(password).size < MIN_DISTINCT ||
    /^(.{1,6}?)\1+.{0,2}$/su.test(password);
}

/** Whether it runs along the alphabet, the digits or the keyboard, perhaps in two lines at once. */
function isSequence(password: string): boolean {
  const letters = [...password];
  const everySecond = [0, 1].map((rest) =>
    letters.filter((_, at) => at % 2 === rest)
  );
  return isRun(letters) || everySecond.every(isRun);
}

/** Whether most of it is the next letter, the next digit, or the next key. */
function isRun(letters: readonly string[]): boolean {
  const steps = letters.slice(1).map((letter, at) =>
    isStep(letters[at]!, letter)
  );
  const predictable = steps.filter(Boolean).length;
  return predictable > MAX_PREDICTABLE * steps.length;
}

function isStep(from: string, to: string): boolean {
  return Math.abs(from.codePointAt(0)! - to.codePointAt(0)!) <= 1 ||
    ROWS.some((row) => row.includes(from + to) || row.includes(to + from));
}

/** Whether a common word is left when figures and signs at either end are gone. */
function isCommon(password: string): boolean {
  const plain = password.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  return [plain, toSpelled(plain), toSpelled(password)].some((text) =>
    COMMON.has(text.replace(/[^\p{L}]/gu, ""))
  );
}

function toSpelled(text: string): string {
  return [...text].map((sign) => LOOKS_LIKE[sign] ?? sign).join("");
}

function isName(password: string, names: readonly string[]): boolean {
  const left = names.reduce(
    (rest, name) =>
      name === "" ? rest : rest.replaceAll(name.toLowerCase(), ""),
    password,
  );
  return left.length < MIN_OWN_LENGTH && left.length < password.length;
}
