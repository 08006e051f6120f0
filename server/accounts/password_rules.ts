/** Length limits, in characters. */
const MIN_LENGTH = 10;
const MAX_LENGTH = 256;
/** Minimum number of different characters. */
const MIN_DISTINCT = 5;
/** Minimum number of characters left when the user's names are removed. */
const MIN_LENGTH_WITHOUT_NAMES = 6;
/** Maximum share of steps to an adjacent letter, digit or key. */
const MAX_ADJACENT_SHARE = 0.7;

/** Rows of common keyboard layouts. */
const KEYBOARD_ROWS = [
  "1234567890",
  "qwertyuiop",
  "qwertzuiop",
  "azertyuiop",
  "asdfghjkl",
  "zxcvbnm",
  "yxcvbnm",
];

/** The most common passwords, without surrounding digits and punctuation. */
const COMMON_WORDS = new Set(
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

/** Letters that people replace by similar-looking characters. */
const LOOKALIKES: Readonly<Record<string, string>> = {
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

/** Returns a sentence that says why a password is refused; `undefined` if it is accepted. */
export function findPasswordProblem(
  text: string,
  { username, email }: { username: string; email: string },
): string | undefined {
  const password = text.normalize("NFC");
  // Counts code points: a character outside the basic plane is one, not two.
  const length = [...password].length;
  if (length < MIN_LENGTH) {
    return `The password must have at least ${MIN_LENGTH} characters`;
  }
  if (length > MAX_LENGTH) {
    return `The password must have at most ${MAX_LENGTH} characters`;
  }
  if (/\p{Cc}/u.test(password) || !password.isWellFormed()) {
    return "The password must not contain control characters";
  }
  const lower = password.toLowerCase();
  if (isRepeated(lower)) {
    return "The password repeats too few different characters";
  }
  if (isSequence(lower)) {
    return "The password is a sequence that is easy to guess";
  }
  if (isCommon(lower)) {
    return "The password is one of those that attackers try first";
  }
  if (isName(lower, [email, ...email.split("@", 1), username])) {
    return "The password must not consist of the username or the e-mail address";
  }
  return undefined;
}

function isRepeated(password: string): boolean {
  return new Set(password).size < MIN_DISTINCT ||
    /^(.{1,6}?)\1+.{0,2}$/su.test(password);
}

/** Reports whether a password follows the alphabet, the digits or a keyboard row, or alternates two such runs. */
function isSequence(password: string): boolean {
  const letters = [...password];
  const halves = [0, 1].map((parity) =>
    letters.filter((_, index) => index % 2 === parity)
  );
  return isRun(letters) || halves.every(isRun);
}

/** Reports whether most characters are next to the one before, in the alphabet or on a keyboard. */
function isRun(letters: readonly string[]): boolean {
  const steps = letters.slice(1).map((letter, index) =>
    isAdjacent(letters[index]!, letter)
  );
  const adjacent = steps.filter(Boolean).length;
  return adjacent > MAX_ADJACENT_SHARE * steps.length;
}

function isAdjacent(from: string, to: string): boolean {
  return Math.abs(from.codePointAt(0)! - to.codePointAt(0)!) <= 1 ||
    KEYBOARD_ROWS.some((row) =>
      row.includes(from + to) || row.includes(to + from)
    );
}

/** Reports whether a common word remains without the digits and punctuation at either end. */
function isCommon(password: string): boolean {
  const plain = password.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  return [plain, replaceLookalikes(plain), replaceLookalikes(password)].some((
    text,
  ) => COMMON_WORDS.has(text.replace(/[^\p{L}]/gu, "")));
}

function replaceLookalikes(text: string): string {
  return [...text].map((each) => LOOKALIKES[each] ?? each).join("");
}

/** Reports whether the password is little more than the given names. */
function isName(password: string, names: readonly string[]): boolean {
  const rest = names.reduce(
    (text, name) =>
      name === "" ? text : text.replaceAll(name.toLowerCase(), ""),
    password,
  );
  return rest.length < MIN_LENGTH_WITHOUT_NAMES &&
    rest.length < password.length;
}
