import { childrenOf, type XmlElement } from '../../../functions/adapters/saml/xml-element.ts';
import { type CarriedSession, checkCarriedSession, isName, NAME_IN_WORDS } from './carried-session.ts';
import { invalidIdentityToken, invalidSamlResponse } from './identity-errors.ts';
import { ROLE_DURATION_SECONDS } from './limits.ts';

/** What an assertion says to AWS in attributes. */
export interface AwsAttributes {
  /** Pairs of a role's and a provider's ARN, in either order. */
  readonly roles: readonly string[];
  readonly sessionName: string;
  readonly carried: CarriedSession;
  /** Shortens a session; never makes it longer. */
  readonly sessionSeconds: number | undefined;
}

const PREFIX = 'https://aws.amazon.com/SAML/Attributes/';
const TAG = 'PrincipalTag:';

/**
 * Reads the attributes of https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html and
 * passes over others. Throws InvalidIdentityToken, also for an attribute that comes twice, of which AWS would take one or the
 * other, and what AssumeRole answers to such tags.
 */
export function readAwsAttributes(assertion: XmlElement): AwsAttributes {
  const attributes = indexAttributes(assertion);
  const names = [...attributes.keys()].filter((name) => name.startsWith(TAG));
  const tags = names.map((name) => [name.slice(TAG.length), only(attributes, name) ?? ''] as const);
  return {
    roles: attributes.get('Role') ?? [],
    sessionName: checkSessionName(only(attributes, 'RoleSessionName')),
    carried: checkCarriedSession(
      tags,
      attributes.get('TransitiveTagKeys') ?? [],
      only(attributes, 'SourceIdentity'),
    ),
    sessionSeconds: readSessionSeconds(only(attributes, 'SessionDuration')),
  };
}

type Attributes = ReadonlyMap<string, readonly string[]>;

function indexAttributes(assertion: XmlElement): Attributes {
  const all = childrenOf(assertion, 'AttributeStatement').flatMap((statement) =>
    childrenOf(statement, 'Attribute'),
  );
  const known = all.flatMap((attribute) => {
    const { Name: name = '' } = attribute.attributes;
    return name.startsWith(PREFIX) ? [[name.slice(PREFIX.length), valuesOf(attribute)] as const] : [];
  });
  const index = new Map(known);
  if (index.size < known.length) throw invalidSamlResponse('an attribute comes twice');
  return index;
}

function valuesOf(attribute: XmlElement): readonly string[] {
  return childrenOf(attribute, 'AttributeValue').map(({ children, text }) => {
    if (children.length > 0) throw invalidSamlResponse('an attribute holds elements, expected text');
    return text;
  });
}

/** The value of an attribute that is not there, or has exactly one. */
function only(attributes: Attributes, name: string): string | undefined {
  const values = attributes.get(name);
  if (values === undefined) return undefined;
  const [value, ...others] = values;
  if (value === undefined || others.length > 0) throw invalidSamlResponse('an attribute has not one value');
  return value;
}

function checkSessionName(name: string | undefined): string {
  if (name === undefined) throw invalidIdentityToken('RoleSessionName is required in AuthnResponse');
  if (!isName(name))
    throw invalidIdentityToken(`RoleSessionName in AuthnResponse must match ${NAME_IN_WORDS}`);
  return name;
}

function readSessionSeconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  const { min, max } = ROLE_DURATION_SECONDS;
  if (!/^\d+$/.test(text) || seconds < min || seconds > max)
    throw invalidSamlResponse(`SessionDuration is no integer of ${min} to ${max}`);
  return seconds;
}
