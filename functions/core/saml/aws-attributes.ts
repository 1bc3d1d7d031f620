import type { CarriedSession } from '../token/carried-session.ts';

/** An attribute of an assertion; a value is undefined if it is no plain text. */
export interface AssertionAttribute {
  readonly name: string;
  readonly values: readonly (string | undefined)[];
}

/** What an assertion says to AWS. */
export interface AwsAttributes {
  /** Pairs of a role's and a provider's ARN, in either order. */
  readonly roles: readonly string[];
  readonly carried: CarriedSession | 'unreadable';
}

const PREFIX = 'https://aws.amazon.com/SAML/Attributes/';
const TAG = 'PrincipalTag:';

/** What STS takes one value of. `SessionDuration` is for the console alone: here a request says how long. */
const SINGLE = ['RoleSessionName', 'SourceIdentity', 'SessionDuration'];
const LISTS = ['Role', 'TransitiveTagKeys'];

/**
 * The attributes of https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html.
 * `unreadable` for what STS may read otherwise than it is read here: an attribute that comes twice, more or less than one value
 * where one belongs, markup for text, and a name that is nearly one of these.
 */
export function readAwsAttributes(attributes: readonly AssertionAttribute[]): AwsAttributes {
  const known = new Map<string, readonly string[]>();
  for (const { name, values } of attributes.filter(isForAws)) {
    const member = name.slice(PREFIX.length);
    const texts = values.filter((value) => value !== undefined);
    const isReadable =
      name.startsWith(PREFIX) &&
      texts.length === values.length &&
      isKnown(member, texts) &&
      !known.has(member);
    if (!isReadable) return { roles: [], carried: 'unreadable' };
    known.set(member, texts);
  }
  const tags = [...known].filter(([member]) => member.startsWith(TAG));
  return {
    roles: known.get('Role') ?? [],
    carried: {
      tags: tags.map(([member, [value = '']]) => ({ key: member.slice(TAG.length), value })),
      transitiveTagKeys: known.get('TransitiveTagKeys') ?? [],
      sourceIdentity: known.get('SourceIdentity')?.[0],
      roleSessionName: known.get('RoleSessionName')?.[0],
    },
  };
}

/** Whether an assertion lets its bearer have a role by a provider: STS asks the same. */
export function namesRole(roles: readonly string[], roleArn: string, providerArn: string): boolean {
  return roles.includes(`${roleArn},${providerArn}`) || roles.includes(`${providerArn},${roleArn}`);
}

/** Or may be taken for one that is. */
function isForAws({ name }: AssertionAttribute): boolean {
  return name.trim().toLowerCase().startsWith(PREFIX.toLowerCase());
}

function isKnown(member: string, values: readonly string[]): boolean {
  if (LISTS.includes(member)) return true;
  return (SINGLE.includes(member) || member.startsWith(TAG)) && values.length === 1;
}
