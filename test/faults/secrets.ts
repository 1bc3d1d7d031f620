/** What must never be written down, and the search for it. */
export interface Secrets {
  /** Searched for once. */
  add(...values: readonly (string | undefined)[]): void;
  /** Searched for each time. */
  keep(...values: readonly (string | undefined)[]): void;
  /** How many of them stand in what was written, in whatever form. */
  countIn(written: string): number;
}

/** Shorter ones stand anywhere by chance. */
const SHORTEST = 16;

export function createSecrets(): Secrets {
  const kept = new Set<string>();
  const secrets = new Set<string>();
  const into =
    (set: Set<string>) =>
    (...values: readonly (string | undefined)[]) => {
      for (const value of values) if (value !== undefined && value.length >= SHORTEST) set.add(value);
    };
  return {
    add: into(secrets),
    keep: into(kept),
    countIn(written) {
      const found = [...kept, ...secrets].filter((secret) =>
        formsOf(secret).some((form) => written.includes(form)),
      );
      secrets.clear();
      return found.length;
    },
  };
}

/** As it is, in JSON, in a URL, in base64 and hex at whatever place of a longer text. */
function formsOf(secret: string): readonly string[] {
  const forms = [secret, inJson(secret), inJson(inJson(secret)), encodeURIComponent(secret)];
  // Of a signed token the signature alone would do.
  const signature = /^[\w-]+\.[\w-]+\.([\w-]{20,})$/.exec(secret)?.[1];
  if (signature !== undefined) forms.push(signature);
  const bytes = Buffer.from(secret);
  forms.push(bytes.toString('hex'));
  for (const shift of [0, 1, 2]) {
    // The characters at both ends are made of its neighbours' bits as well.
    const padded = Buffer.concat([
      Buffer.alloc(shift),
      bytes.subarray(0, bytes.length - ((bytes.length + shift) % 3)),
    ]);
    const inside = padded.toString('base64').slice(shift === 0 ? 0 : 4);
    forms.push(inside, inside.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return [...new Set(forms)];
}

const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
