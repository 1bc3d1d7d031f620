import type { Template } from 'aws-cdk-lib/assertions';
import { parsePolicy } from '../../policy/parse-policy.ts';
import type { Policy } from '../../policy/policy.ts';

/** The account and Region that a template is taken to be deployed to. */
export const ACCOUNT = '111122223333';
const REGION = 'eu-central-1';

interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is JSON of many forms.
  readonly Properties: any;
}

/** What CloudFormation would make of a template, as far as policies are concerned. */
export interface DeployedAccount {
  /** The ARN of the one resource whose logical id begins so. */
  arn(idPrefix: string): string;
  /** ARNs of all resources that policies name. */
  readonly arns: readonly string[];
  /** The identity-based policies of a role or user, by the beginning of its logical id: inline and managed. */
  identityPolicies(idPrefix: string): readonly Policy[];
  /** The same, statement by statement. */
  identityStatements(idPrefix: string): readonly unknown[];
  boundary(idPrefix: string): Policy;
  trustPolicy(idPrefix: string): Policy;
  /** A part of the template with every reference in place. */
  resolve(part: unknown): unknown;
}

/** By type; an id stands for what CloudFormation names. */
const ARNS: Readonly<Record<string, (id: string, properties: Resource['Properties']) => string>> = {
  'AWS::IAM::Role': (id) => `arn:aws:iam::${ACCOUNT}:role/${id}`,
  'AWS::IAM::User': (_id, { Path, UserName }) => `arn:aws:iam::${ACCOUNT}:user${Path}${UserName}`,
  'AWS::IAM::OIDCProvider': (_id, { Url }) =>
    `arn:aws:iam::${ACCOUNT}:oidc-provider/${Url.replace('https://', '')}`,
  'AWS::KMS::Key': (id) => `arn:aws:kms:${REGION}:${ACCOUNT}:key/${id}`,
  'AWS::SecretsManager::Secret': (_id, { Name }) =>
    `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${Name}-AbCdEf`,
  'AWS::DynamoDB::GlobalTable': (id) => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${id}`,
  'AWS::Logs::LogGroup': (id) => `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${id}:*`,
  'AWS::S3::Bucket': (id) => `arn:aws:s3:::${id.toLowerCase()}`,
  'AWS::Lambda::Function': (id) => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${id}`,
  'AWS::SQS::Queue': (id) => `arn:aws:sqs:${REGION}:${ACCOUNT}:${id}`,
  'AWS::Events::EventBus': (id) => `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/${id}`,
};

/** Reads a template as it would be deployed. */
export function deployedAccount(template: Template): DeployedAccount {
  const resources: [string, Resource][] = Object.entries(template.toJSON()['Resources']);
  const arns = new Map(
    resources.flatMap(([id, { Type, Properties }]) => {
      const arn = ARNS[Type]?.(id, Properties);
      return arn === undefined ? [] : [[id, arn] as const];
    }),
  );
  const documents = new Map(
    resources.flatMap(([id, { Type, Properties }]) =>
      Type === 'AWS::IAM::ManagedPolicy' ? [[id, Properties.PolicyDocument] as const] : [],
    ),
  );

  function resolve(part: unknown): unknown {
    return JSON.parse(JSON.stringify(part), (_key, value) => {
      if (Array.isArray(value?.['Fn::Join'])) return value['Fn::Join'][1].join(value['Fn::Join'][0]);
      const id: string | undefined = value?.['Fn::GetAtt']?.[0] ?? value?.Ref;
      if (id === undefined) return value;
      const resolved = id === 'AWS::AccountId' ? ACCOUNT : arns.get(id);
      if (resolved === undefined) throw new Error(`got a reference to ${id}, expected one with an ARN`);
      return resolved;
    });
  }

  function find(idPrefix: string, types: readonly string[]): readonly [string, Resource] {
    const found = resources.filter(([id, { Type }]) => id.startsWith(idPrefix) && types.includes(Type));
    if (found.length !== 1 || found[0] === undefined)
      throw new Error(`got ${found.length} resources ${idPrefix}, expected one`);
    return found[0];
  }

  const findPrincipal = (idPrefix: string) => find(idPrefix, ['AWS::IAM::Role', 'AWS::IAM::User']);

  function identityDocuments(idPrefix: string): readonly { readonly Statement: readonly unknown[] }[] {
    const [id, { Properties }] = findPrincipal(idPrefix);
    const inline = resources
      .filter(([, { Type }]) => Type === 'AWS::IAM::Policy')
      .filter(([, policy]) =>
        [...(policy.Properties.Roles ?? []), ...(policy.Properties.Users ?? [])].some(
          ({ Ref }) => Ref === id,
        ),
      )
      .map(([, policy]) => policy.Properties.PolicyDocument);
    const managed = (Properties.ManagedPolicyArns ?? []).map(({ Ref }: { Ref: string }) =>
      documents.get(Ref),
    );
    return resolve([...inline, ...managed]) as readonly { readonly Statement: readonly unknown[] }[];
  }

  return {
    arn: (idPrefix) => arns.get(find(idPrefix, Object.keys(ARNS))[0]) ?? '',
    arns: [...arns.values()],
    identityPolicies: (idPrefix) =>
      identityDocuments(idPrefix).map((document, index) => parsePolicy(document, `${idPrefix}[${index}]`)),
    identityStatements: (idPrefix) => identityDocuments(idPrefix).flatMap(({ Statement }) => Statement),
    boundary(idPrefix) {
      const [, { Properties }] = findPrincipal(idPrefix);
      const document = documents.get(Properties.PermissionsBoundary.Ref);
      return parsePolicy(resolve(document), `boundary of ${idPrefix}`);
    },
    trustPolicy(idPrefix) {
      const [, { Properties }] = findPrincipal(idPrefix);
      return parsePolicy(resolve(Properties.AssumeRolePolicyDocument), `trust policy of ${idPrefix}`);
    },
    resolve,
  };
}
