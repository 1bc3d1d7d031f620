import type { Preview, PreviewedRequest } from '../../functions/core/preview/preview.ts';
import type { ContextValues } from '../../functions/core/preview/preview-judge.ts';
import type { ChangedRequest, ProfileDiff } from '../../functions/core/preview/profile-diff.ts';
import { renderSheet } from '../sheet.ts';
import { printable } from '../terminal.ts';

const DECIDED_BY = {
  request: 'as asked for',
  profile_default: "the profile's default",
  profile_maximum: "the profile's maximum",
  tenant_limit: "the tenant's limit",
  chaining_hour: 'the hour that AWS gives a session made from a session',
} as const;

const SOURCES: Readonly<Record<Preview['source'], string>> = {
  deployment: 'as deployed',
  tenant: "the tenant's own",
  request: 'from --file; not deployed',
};

const EFFECTS: Readonly<Record<PreviewedRequest['effect'], string>> = {
  allowed: 'allowed  ',
  implicitly_denied: 'DENIED   ',
  explicitly_denied: 'DENIED   ',
  undecided: 'UNDECIDED',
};

const CHANGES: Readonly<Record<ChangedRequest['change'], string>> = {
  newly_allowed: 'NEWLY ALLOWED',
  newly_denied: 'newly denied ',
  denied_by_role_alone: 'ROLE ALONE DENIES',
  undecided: 'UNDECIDED    ',
};

/** A preview for people: the grant as a sheet, its policy, a verdict for each request, and what a changed profile changes. */
export function renderPreview(preview: Preview): string {
  const { policy, requests, evaluation, diff } = preview;
  const lines = [
    'session policy',
    ...JSON.stringify(policy, null, 2).split('\n'),
    ...(requests.length === 0 ? [] : ['', 'requests', ...requests.flatMap(renderRequest)]),
    ...(diff === undefined ? [] : ['', ...renderDiff(diff)]),
    '',
    evaluation.note,
    ...(evaluation.fault === undefined
      ? []
      : [`the session policy cannot be evaluated: ${evaluation.fault}`]),
  ];
  return `${renderGrant(preview)}\n${lines.map((line) => `${printable(line)}\n`).join('')}`;
}

function renderGrant(preview: Preview): string {
  const { duration, granted, policyCharacters, policyArns, packedPolicyPercent, status } = preview;
  return renderSheet([
    ['tenant', preview.tenantId],
    ['status', status === 'active' ? status : `${status}; previewed as if active`],
    [
      'profile',
      `${preview.profile} (${SOURCES[preview.source]}${granted ? '' : '; NOT granted to the tenant'})`,
    ],
    ['method', methodOf(preview)],
    ['role', preview.roleArn],
    ['user', preview.userArn],
    ['external id', preview.passesExternalId ? 'passed' : 'none'],
    ['demanded scopes', preview.requiredScopes],
    ['session name', preview.roleSessionName],
    ['source identity', preview.sourceIdentity ?? 'none'],
    ['sample issuer', preview.issuer],
    ['tags', preview.tags.map(({ key, value }) => `${key} = ${value}`)],
    ['transitive', preview.transitiveTagKeys],
    ['duration', `${duration.seconds} s: ${DECIDED_BY[duration.decidedBy]}`],
    ['longest', `${duration.maximumSeconds} s: ${DECIDED_BY[duration.maximumDecidedBy]}`],
    ['managed policies', policyArns],
    ['policy size', `${policyCharacters} of 2048 characters`],
    [
      'packed size',
      `${packedPolicyPercent} %, estimated${packedPolicyPercent > 100 ? '; STS would REFUSE it' : ''}`,
    ],
  ]);
}

const TOKENS = { latchkey: 'a token that Latchkey signs', caller: "the caller's token" } as const;

function methodOf({ method, webIdentityToken, mfa }: Preview): string {
  const token = webIdentityToken === undefined ? '' : `, by ${TOKENS[webIdentityToken]}`;
  return `${method}${token}${mfa === 'required' ? ', with a code of an MFA device' : ''}`;
}

function renderRequest({ effect, action, resource, context, reason }: PreviewedRequest): readonly string[] {
  return [`${EFFECTS[effect]}  ${action} ${resource}${renderContext(context)}`, `           ${reason}`];
}

function renderDiff({ settings, changes, tried, complete, ...statements }: ProfileDiff): readonly string[] {
  const { statementsAdded, statementsRemoved } = statements;
  return [
    'against the deployed profile',
    ...settings.map(
      ({ member, before, after }) => `~ ${member}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`,
    ),
    ...statementsRemoved.map((statement) => `- ${JSON.stringify(statement)}`),
    ...statementsAdded.map((statement) => `+ ${JSON.stringify(statement)}`),
    ...changes.flatMap(renderChange),
    `${changes.length === 0 ? 'nothing' : changes.length} changed of ${tried} requests tried, which is no proof${
      complete ? '' : '; there is MORE than could be tried or shown'
    }`,
  ];
}

function renderChange(changed: ChangedRequest): readonly string[] {
  const { change, of, action, resource, context, absentKeys, before, after, alike } = changed;
  const more = alike === 0 ? '' : `, and in ${alike} other contexts`;
  const foreign = of === 'foreign' ? ' (ANOTHER TENANT)' : '';
  return [
    `${CHANGES[change]}  ${action} ${resource}${renderContext(context, absentKeys)}${foreign}${more}`,
    `               before: ${before}`,
    `               after:  ${after}`,
  ];
}

function renderContext(context: ContextValues, absentKeys: readonly string[] = []): string {
  const said = Object.entries(context).map(([key, value]) =>
    value.length === 0 && typeof value !== 'string'
      ? `without ${key}`
      : `${key}=${[value].flat().join(' and ')}`,
  );
  const all = [...said, ...absentKeys.map((key) => `without ${key}`)];
  return all.length === 0 ? '' : ` [${all.join(', ')}]`;
}
