import { renderTags } from '../functions/core/grant/session-tags.ts';
import { escapeForIam } from '../functions/core/profile/policy-template.ts';
import { readScope } from '../functions/core/profile/scope-parameters.ts';
import { renderTemplate, TENANT_ID_PLACEHOLDER } from '../functions/core/profile/template.ts';
import { isTenantId, PROBE_TENANT_ID } from '../functions/core/tenant-id.ts';
import { parsePolicy } from '../policy/parse-policy.ts';
import type { Policy } from '../policy/policy.ts';
import type { ProvableProfile, RolePolicies } from './proof.ts';
import { type Layers, SESSION_POLICY, sessionDocument } from './session-layers.ts';

/** One tenant's session, as a vend makes it. */
export interface ConcreteSession {
  readonly layers: Layers;
  /** As condition keys: `aws:PrincipalTag/TenantId`. */
  readonly principalTags: Readonly<Record<string, string>>;
}

/** Whose session, and what was chosen for it. */
export interface SessionValues {
  readonly tenantId: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Only what is given: an optional parameter may be left out. */
  readonly scope: Readonly<Record<string, string>>;
}

/** Whether a tenant may have the id. */
export function canBeTenant(id: string): boolean {
  return isTenantId(id) && id !== PROBE_TENANT_ID;
}

/** The session; throws `VendingError` for values that nothing is vended for. */
export function renderSession(
  profile: ProvableProfile,
  { tags: roleTags = {} }: Pick<RolePolicies, 'tags'>,
  layers: Layers,
  { tenantId, attributes, scope }: SessionValues,
): ConcreteSession {
  const values = new Map([
    [TENANT_ID_PLACEHOLDER, tenantId],
    ...Object.entries(attributes).map(([name, value]) => [`tenant.attributes.${name}`, value] as const),
    ...[...readScope(profile.scope, scope)].map(([name, value]) => [`scope.${name}`, value] as const),
  ]);
  const { policy, tags: templates } = profile;
  const inline: readonly Policy[] =
    policy === undefined
      ? []
      : [
          parsePolicy(
            sessionDocument(policy, (template) => renderTemplate(template, values, escapeForIam)),
            SESSION_POLICY,
          ),
        ];
  const tags = new Map(
    [
      ...Object.entries(policy === undefined ? {} : roleTags).map(([key, value]) => ({ key, value })),
      ...renderTags(templates, values),
    ].map(({ key, value }) => [key.toLowerCase(), { key, value }]),
  );
  return {
    layers: { ...layers, session: layers.session && [...inline, ...layers.session.slice(1)] },
    principalTags: Object.fromEntries(
      [...tags.values()].map(({ key, value }) => [`aws:PrincipalTag/${key}`, value]),
    ),
  };
}
