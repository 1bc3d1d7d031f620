import { UsageError } from '../failure.ts';

/** A profile for AWS SDKs whose credentials a program prints. */
export interface ProcessProfile {
  readonly name: string;
  /** https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html */
  readonly credentialProcess: string;
  readonly region: string | undefined;
}

/** Stands below the header of a section that may be replaced without asking for more. */
const MARK = '# written by latchkey configure';

/** A line that is ours in such a section. */
const OURS = /^(?:credential_process|region)\s*=/;

/** As all SDKs read it without quotes. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.@+-]{0,63}$/;

const NOTHING = /^\s*(?:[#;]|$)/;

/** A profile's section, a line each, without line ends. Throws `UsageError` for a name that not all SDKs would read. */
export function renderSection({ name, credentialProcess, region }: ProcessProfile): readonly string[] {
  if (!NAME.test(name))
    throw new UsageError(`--aws-profile: got ${name}, expected letters, digits and _.@+- inside, at most 64`);
  return [
    name === 'default' ? '[default]' : `[profile ${name}]`,
    MARK,
    `credential_process = ${credentialProcess}`,
    ...(region === undefined ? [] : [`region = ${region}`]),
  ];
}

/**
 * The text of an AWS config file with a profile in it, everything else as it was, to the byte. Its section is replaced if
 * `latchkey configure` has written all of it, or with `replace`; else throws `UsageError`, and so it does for a name that has
 * several sections.
 */
export function putProfile(text: string, profile: ProcessProfile, { replace = false } = {}): string {
  const newLine = /\r?\n/.exec(text)?.[0] ?? '\n';
  const section = renderSection(profile).map((line) => `${line}${newLine}`);
  const lines = text.split(/(?<=\n)/);
  const [found, ...others] = findSections(lines, profile.name);
  const header = section[0]?.trim();
  if (others.length > 0)
    throw new UsageError(`got ${header} ${others.length + 1} times, expected it once: remove all but one`);
  if (found === undefined) return [...paragraph(text, newLine), ...section].join('');
  const old = lines.slice(found.start, found.end);
  if (!replace && !isOurs(old))
    throw new UsageError(
      `${header} is there, with lines that are not of latchkey: choose another --aws-profile, or give --replace`,
    );
  return [...lines.slice(0, found.start), ...section, ...lines.slice(found.end)].join('');
}

/** What is before a section that comes at the end: an empty line between. */
function paragraph(text: string, newLine: string): readonly string[] {
  if (text.trim() === '') return [text];
  const ended = text.endsWith('\n') ? text : `${text}${newLine}`;
  return /\n\r?\n$/.test(ended) ? [ended] : [ended, newLine];
}

interface Section {
  readonly start: number;
  /** Behind its last setting: a comment below that is about what comes next. */
  readonly end: number;
}

function findSections(lines: readonly string[], name: string): readonly Section[] {
  const headers = lines.flatMap((line, index) => (headerOf(line) === undefined ? [] : [index]));
  return headers.flatMap((start, index) => {
    if (headerOf(lines[start] ?? '') !== name) return [];
    const next = headers[index + 1] ?? lines.length;
    const last = lines.slice(start + 1, next).findLastIndex((line) => !NOTHING.test(line));
    const marked = lines[start + 1]?.trim() === MARK ? 2 : 1;
    return [{ start, end: start + Math.max(last + 2, marked) }];
  });
}

/** Which profile a line begins, '' for a section that is none; undefined for a line that begins no section. */
function headerOf(line: string): string | undefined {
  const { inside } = /^\s*\[(?<inside>[^\]]*)\]/.exec(line)?.groups ?? {};
  if (inside === undefined) return undefined;
  if (inside.trim() === 'default') return 'default';
  return /^\s*profile\s+(?<quote>["']?)(?<name>.*?)\k<quote>\s*$/.exec(inside)?.groups?.['name'] ?? '';
}

function isOurs([, mark = '', ...settings]: readonly string[]): boolean {
  return mark.trim() === MARK && settings.every((line) => OURS.test(line) || line.trim() === '');
}
