/** What the user reads about the server and its model. */

/** The notification `fimls/status`; what the extension itself has to say takes the same shape. */
export interface Status {
  readonly state: "starting" | "ready" | "busy" | "offline" | "error" | "off";
  readonly backend: string;
  readonly model: string;
  readonly host: string;
  readonly local: boolean;
  readonly message: string;
  readonly fix: string | null;
  readonly command: Fix | null;
  readonly uri: string | null;
}

/** The command that does what a status says is to be done. */
export interface Fix {
  readonly title: string;
  readonly command: string;
  readonly arguments?: readonly unknown[];
}

/** A status as it is shown: in a word or the model's name, in a line, and what goes with it. */
export interface Face {
  readonly word: string;
  readonly text: string;
  readonly detail: string;
  readonly severity: "information" | "warning" | "error";
  readonly isBusy: boolean;
  readonly icon: string;
}

const NOTHING: Status = {
  state: "off",
  backend: "",
  model: "",
  host: "",
  local: true,
  message: "",
  fix: null,
  command: null,
  uri: null,
};

export const STARTING: Status = { ...NOTHING, state: "starting" };

export const INSTALLING: Status = {
  ...NOTHING,
  state: "starting",
  message: "Installing the server",
};

export const NO_SERVER: Status = {
  ...NOTHING,
  state: "offline",
  message: "No fimls server was found",
  fix: "install it, or set fimls.path to where it is",
  command: { title: "Install the server", command: "fimls.installServer" },
};

/** The server of the setting `fimls.path` is not there. */
export function notThere(path: string): Status {
  return {
    ...NOTHING,
    state: "error",
    message: `There is no server at ${path}`,
    fix: "correct the setting fimls.path",
    command: {
      title: "Open the setting",
      command: "workbench.action.openSettings",
      arguments: ["fimls.path"],
    },
  };
}

/** The server has ended, and is not started again by itself. */
export const STOPPED: Status = {
  ...NOTHING,
  state: "error",
  message: "The server does not run",
  fix: "restart it; the logs say why it ended",
  command: { title: "Restart the server", command: "fimls.restart" },
};

/** A document whose language the user has switched off. */
export function languageOff(uri: string): Status {
  return { ...NOTHING, message: "completion is switched off for this language", uri };
}

/** How grave each state is, its icon, and the word for it where nothing else is said. */
const LOOKS: Readonly<Record<Status["state"], readonly [Face["severity"], string, string]>> = {
  starting: ["information", "loading~spin", "Starting"],
  ready: ["information", "sparkle", "Ready"],
  busy: ["information", "loading~spin", "Ready"],
  offline: ["warning", "warning", "Offline"],
  error: ["error", "error", "Error"],
  off: ["information", "circle-slash", "Off"],
};

/** What fits beside a button among the language's items. */
const SHORT = 40;

/** How a status looks, in the status bar and among the language's items. */
export function face(status: Status): Face {
  const [severity, icon] = LOOKS[status.state];
  const works = status.state === "ready" || status.state === "busy";
  const word = (works && status.model) || LOOKS[status.state][2];
  return {
    word,
    text: works || !status.message ? word : sentence(status.message),
    detail: works ? whereabouts(status) : sentence(status.fix ?? ""),
    severity,
    isBusy: icon === LOOKS.busy[1],
    icon: works && !status.local ? "globe" : icon,
  };
}

/** A text of any length as it goes on one short line. */
export function shortened(text: string): string {
  return text.length > SHORT ? `${text.slice(0, SHORT - 1)}…` : text;
}

/** What runs the model, and whether that is this machine: where the user's code goes. */
export function whereabouts(status: Status): string {
  const place = status.local ? "this machine" : status.host;
  return status.backend ? `${status.backend} on ${place}` : `on ${place}`;
}

/** Words for themselves; an address or a name at their beginning stays as it is. */
function sentence(words: string): string {
  return /^[a-z]+\b(?![:./_-])/.test(words)
    ? words.charAt(0).toUpperCase() + words.slice(1)
    : words;
}
