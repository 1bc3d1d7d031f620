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

/** Our words for what yargs finds wrong. Its types do not know that it takes plural forms. */
export const WORDS = {
  'Not enough non-option arguments: got %s, need at least %s': {
    one: 'got %s arguments, expected %s',
    other: 'got %s arguments, expected %s',
  },
  'Unknown argument: %s': {
    one: 'got %s, which is not known here',
    other: 'got %s, which are not known here',
  },
  'Did you mean %s?': 'did you mean %s?',
} as Record<string, unknown> as Record<string, string>;

/** Puts headings over the two kinds of commands in the program's help: yargs knows one list. Other texts stay as they are. */
export function withHeadings(text: string): string {
  const isProgramHelp = /^Commands:\n {2}latchkey login /m.test(text);
  if (!isProgramHelp) return text;
  return text
    .replace(/^Commands:$/m, "For tenants' apps and developers:")
    .replace(/^(?= {2}latchkey tenant )/m, '\nFor operators:\n')
    .replace(/^(?= {2}latchkey completion )/m, '\nFor the shell:\n');
}
