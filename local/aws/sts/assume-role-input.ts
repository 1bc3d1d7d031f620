import { AwsError } from '../aws-error.ts';
import { type Constraints, createConstraints } from '../query/constraints.ts';
import type { Parameters } from '../query/query-call.ts';

/** The parameters of AssumeRole, each within its limits. */
export interface AssumeRoleInput {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly policy: string | undefined;
  /** Undefined when none were passed. */
  readonly policyArns: readonly string[] | undefined;
  readonly durationSeconds: number | undefined;
  /** Keys are unique, case ignored. */
  readonly tags: ReadonlyMap<string, string>;
  readonly transitiveTagKeys: readonly string[];
  readonly externalId: string | undefined;
  readonly sourceIdentity: string | undefined;
}

const ARN = { min: 20, max: 2048 };
const NAME = { min: 2, max: 64, pattern: /[\w+=,.@-]*/ };
// biome-ignore lint/suspicious/noControlCharactersInRegex: STS's own pattern, which its refusals repeat
const POLICY = { min: 1, max: 2048, pattern: /[\u0009\u000A\u000D\u0020-\u00FF]+/ };
const DURATION_SECONDS = { min: 900, max: 43_200 };
const EXTERNAL_ID = { min: 2, max: 1224, pattern: /[\w+=,.@:/-]*/ };
const TAG_KEY = { min: 1, max: 128, pattern: /[\p{L}\p{Z}\p{N}_.:/=+\-@]+/u };
const TAG_VALUE = { min: 0, max: 256, pattern: /[\p{L}\p{Z}\p{N}_.:/=+\-@]*/u };
const MAX_TAGS = 50;
const MAX_POLICY_ARNS = 10;
const MAX_PLAIN_TEXT_CHARACTERS = 2048;

/**
 * Reads and checks the parameters (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html). Throws the
 * AwsError that STS answers; for what AWS knows but this STS does not (MFA, provided contexts), 501 NotImplemented.
 */
export function parseAssumeRole(parameters: Parameters): AssumeRoleInput {
  const constraints = createConstraints();
  const input = {
    roleArn: constraints.required('roleArn', parameters.take('RoleArn'), ARN),
    sessionName: constraints.required('roleSessionName', parameters.take('RoleSessionName'), NAME),
    policy: constraints.optional('policy', parameters.take('Policy'), POLICY),
    policyArns: parsePolicyArns(parameters, constraints),
    durationSeconds: constraints.integer(
      'durationSeconds',
      parameters.take('DurationSeconds'),
      DURATION_SECONDS,
    ),
    externalId: constraints.optional('externalId', parameters.take('ExternalId'), EXTERNAL_ID),
    sourceIdentity: constraints.optional('sourceIdentity', parameters.take('SourceIdentity'), NAME),
  };
  const tags = parseTags(parameters, constraints);
  const transitiveTagKeys = parseTransitiveTagKeys(parameters, constraints);
  refuseUntaken(parameters);
  constraints.settle();
  checkPlainText(input.policy, input.policyArns);
  return { ...input, tags: indexTags(tags), transitiveTagKeys: checkTransitive(transitiveTagKeys, tags) };
}

type Tag = readonly [key: string, value: string];

function parsePolicyArns(parameters: Parameters, constraints: Constraints): readonly string[] | undefined {
  const list = parameters.takeList('PolicyArns');
  if (list?.length === 0)
    throw notImplemented('an empty PolicyArns, of which AWS does not say whether it narrows a session');
  return (
    list &&
    constraints.atMost(
      'policyArns',
      list.map((member, index) => {
        refuseOtherFields(member, ['arn']);
        return constraints.required(`policyArns.${index + 1}.member.arn`, member.get('arn'), ARN);
      }),
      MAX_POLICY_ARNS,
    )
  );
}

function parseTags(parameters: Parameters, constraints: Constraints): readonly Tag[] {
  const tags = (parameters.takeList('Tags') ?? []).map((member, index): Tag => {
    refuseOtherFields(member, ['Key', 'Value']);
    const at = `tags.${index + 1}.member`;
    return [
      constraints.required(`${at}.key`, member.get('Key'), TAG_KEY),
      constraints.required(`${at}.value`, member.get('Value'), TAG_VALUE),
    ];
  });
  return constraints.atMost('tags', tags, MAX_TAGS);
}

function parseTransitiveTagKeys(parameters: Parameters, constraints: Constraints): readonly string[] {
  const keys = (parameters.takeList('TransitiveTagKeys') ?? []).map((member, index) => {
    refuseOtherFields(member, ['']);
    return constraints.required(`transitiveTagKeys.${index + 1}.member`, member.get(''), TAG_KEY);
  });
  return constraints.atMost('transitiveTagKeys', keys, MAX_TAGS);
}

function indexTags(tags: readonly Tag[]): ReadonlyMap<string, string> {
  const keys = tags.map(([key]) => key.toLowerCase());
  if (new Set(keys).size < keys.length) {
    throw invalidParameterValue('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
  if (keys.some((key) => key.startsWith('aws:'))) {
    throw invalidParameterValue('Tag keys that begin with aws: are reserved for system use.');
  }
  return new Map(tags);
}

function checkTransitive(keys: readonly string[], tags: readonly Tag[]): readonly string[] {
  const passed = new Set(tags.map(([key]) => key.toLowerCase()));
  if (keys.every((key) => passed.has(key.toLowerCase()))) return keys;
  throw invalidParameterValue('The specified transitive tag key must be included in the requested tags.');
}

/** The API reference gives the limit (under PolicyArns) but not the words of the refusal. */
function checkPlainText(policy = '', policyArns: readonly string[] = []): void {
  const characters = [policy, ...policyArns].join('').length;
  if (characters <= MAX_PLAIN_TEXT_CHARACTERS) return;
  throw new AwsError(
    'PackedPolicyTooLarge',
    400,
    `The plaintext of session policy and policy ARNs has ${characters} characters, more than ${MAX_PLAIN_TEXT_CHARACTERS}`,
  );
}

function refuseUntaken(parameters: Parameters): void {
  const [first] = parameters.untaken();
  if (first !== undefined) throw notImplemented(`the parameter ${first} of AssumeRole`);
}

function refuseOtherFields(member: ReadonlyMap<string, string>, known: readonly string[]): void {
  for (const field of member.keys()) {
    if (!known.includes(field)) throw notImplemented(`the field ${field} in a list of AssumeRole`);
  }
}

function notImplemented(what: string): AwsError {
  return new AwsError('NotImplemented', 501, `the local STS does not take ${what}`);
}

/** An AwsError for a value that is well-formed and yet cannot be. */
export function invalidParameterValue(message: string): AwsError {
  return new AwsError('InvalidParameterValue', 400, message);
}
