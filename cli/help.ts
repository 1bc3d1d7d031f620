import { EXIT_CODES_TEXT } from './exit-code.ts';

/** What the program is, above the list of its commands. */
export const USAGE = `$0 <command>

AWS credentials of a tenant, for its apps and developers, from a token; and Latchkey's administration, for operators.`;

/** Below the list of commands. */
export const EPILOGUE = `A tenant's app:
  export LATCHKEY_API_URL=https://….execute-api.eu-central-1.amazonaws.com/v1/
  latchkey login --issuer https://idp.example.com --client-id my-app
  latchkey exec -- aws s3 ls s3://data/acme/
  latchkey configure --region eu-central-1      then: aws s3 ls --profile latchkey

An operator, as the AWS identity of AWS_PROFILE:
  export LATCHKEY_ENDPOINT=https://….execute-api.eu-central-1.amazonaws.com/v1
  latchkey tenant put acme --file acme.json
  latchkey tenant verify acme
  latchkey tenant list --json | jq -r '.items[].tenantId'
  latchkey prove app

${EXIT_CODES_TEXT}`;

/** What \`completion\` is for. */
export const COMPLETION_HELP =
  'Print a completion script: latchkey completion >> ~/.bashrc, or ~/.zshrc; latchkey must be on the PATH';

const UNKNOWN = 'got %s, expected only what is known here';

/** Our words for what yargs finds wrong. Its types do not know that it takes plural forms. */
export const WORDS = {
  'Not enough non-option arguments: got %s, need at least %s': {
    one: 'got %s arguments, expected %s',
    other: 'got %s arguments, expected %s',
  },
  'Too many non-option arguments: got %s, maximum of %s': {
    one: 'got %s arguments, expected at most %s',
    other: 'got %s arguments, expected at most %s',
  },
  'Missing required argument: %s': {
    one: 'got no %s, expected this option',
    other: 'got no %s, expected these options',
  },
  'Unknown argument: %s': { one: UNKNOWN, other: UNKNOWN },
  'Unknown command: %s': { one: UNKNOWN, other: UNKNOWN },
  'Not enough arguments following: %s': '--%s: got nothing, expected a value',
  'Arguments %s and %s are mutually exclusive': 'got --%s and --%s, expected one of them',
  // Above the lines of the next one, which say it all. An empty text would not count.
  'Invalid values:': ' ',
  'Argument: %s, Given: %s, Choices: %s': '--%s: got %s, expected one of %s',
  'Did you mean %s?': 'did you mean %s?',
} as Record<string, unknown> as Record<string, string>;

/** What yargs says with `WORDS`, in one line. An unknown option with a dash comes as a camel-case twin, too, and required ones without dashes. */
export function inOneLine(message: string): string {
  return message
    .trim()
    .replace(/\s*\n\s*/g, '; ')
    .replace(/^got (.+)(?=, expected only)/, (_, names: string) => `got ${withoutTwins(names)}`)
    .replace(/^got no (.+)(?=, expected th)/, (_, names: string) => `got no ${withDashes(names)}`);
}

function withoutTwins(names: string): string {
  const each = names.split(', ');
  const twins = each.filter((name) => name.includes('-')).map(toCamelCase);
  return each.filter((name) => !twins.includes(name)).join(', ');
}

function toCamelCase(name: string): string {
  return name.replace(/-+([^-])/g, (_, letter: string) => letter.toUpperCase());
}

function withDashes(names: string): string {
  return names.replaceAll(/[^, ]+/g, (name) => `--${name}`);
}

/** Puts headings over the two kinds of commands in the program's help: yargs knows one list. Other texts stay as they are. */
export function withHeadings(text: string): string {
  const isProgramHelp = /^Commands:\n {2}latchkey login /m.test(text);
  if (!isProgramHelp) return text;
  return text
    .replace(/^Commands:$/m, "For tenants' apps and developers:")
    .replace(/^(?= {2}latchkey tenant )/m, '\nFor operators:\n')
    .replace(/^(?= {2}latchkey completion )/m, '\nFor the shell:\n');
}
