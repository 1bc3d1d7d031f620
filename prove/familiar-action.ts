import { type ConcreteRequest, confirm, type Suspicion } from './confirm.ts';
import type { Confirmed } from './counterexample.ts';
import type { Search } from './search.ts';
import type { Row } from './session-layers.ts';

/** Only for reading: what a pattern such as `s3:*` opens is found without a list. */
const FAMILIAR = [
  ...['s3:GetObject', 's3:ListBucket', 's3:PutObject', 's3:DeleteObject', 's3:ListAllMyBuckets'],
  ...['dynamodb:GetItem', 'dynamodb:Scan', 'dynamodb:PutItem', 'dynamodb:DeleteTable', 'dynamodb:ListTables'],
  ...['kms:Decrypt', 'secretsmanager:GetSecretValue', 'ssm:GetParameter', 'ssm:GetParametersByPath'],
  ...['sqs:ReceiveMessage', 'sqs:SendMessage', 'sns:Publish', 'events:PutEvents', 'lambda:InvokeFunction'],
  ...['ec2:StartInstances', 'iam:PassRole', 'sts:AssumeRole', 'execute-api:Invoke', 'logs:GetLogEvents'],
];

/** The request with an action that people know, if it is confirmed with one: `s3:*` is met by `s3:x` too. */
export function withFamiliarAction(
  search: Search,
  { action: written }: Row,
  found: Confirmed,
  suspicion: Suspicion,
): Confirmed {
  for (const action of /[*?]/.test(written) || !written.includes(':') ? FAMILIAR : [written]) {
    const request: ConcreteRequest = { ...found.request, action };
    const decision = confirm(search, request, suspicion);
    if (decision !== undefined) return { request, decision };
  }
  return found;
}
