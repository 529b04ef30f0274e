/** What pip and venv say when they fail, in words that tell what to do. */

const REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /ensurepip is not available|No module named '?(venv|ensurepip)/,
    "this Python cannot make virtual environments. Install its venv module (on Debian and Ubuntu: " +
      "python3-venv), or choose another Python.",
  ],
  [
    /NewConnectionError|NameResolutionError|Temporary failure in name resolution|getaddrinfo|Network is unreachable|ConnectTimeout|Connection refused|No route to host/,
    "the package index cannot be reached. Check the network and the proxy, and try again.",
  ],
  [
    /ProxyError|Tunnel connection failed|407 Proxy/,
    "the proxy does not let pip through. Check the setting http.proxy.",
  ],
  [
    /SSLError|CERTIFICATE_VERIFY_FAILED/,
    "the certificate of the package index is not trusted. Your network may replace certificates: " +
      "set PIP_CERT to its own.",
  ],
  [
    /THESE PACKAGES DO NOT MATCH THE HASHES/,
    "a package is not the one that was expected, and nothing of it was installed.",
  ],
  [
    /No matching distribution found for (\S+)/,
    "there is no $1 for this Python on this kind of machine.",
  ],
  [/No space left on device|ENOSPC/, "the disk is full."],
];

/** Why an installation has failed; the last line that was printed where it is none of these. */
export function reasonOf(output: string): string {
  for (const [pattern, words] of REASONS) {
    const found = pattern.exec(output);
    if (found) {
      return words.replace("$1", found[1] ?? "");
    }
  }
  const last = output.trim().split(/\r?\n/).pop();
  return last || "it ended without a word.";
}
