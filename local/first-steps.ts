import type { LocalFacts } from './local-facts.ts';

/** What an operator may do next; the second terminal is the operator's. */
const operatorSteps = (api: string) => `
4. Be the operator, in another terminal in this folder:

eval "$(curl -s ${api}/local/operator)"
npx latchkey tenant list
npx latchkey tenant verify acme
npx latchkey tenant revoke acme      # what was vended in step 2 opens nothing any more
`;

/** What the terminal shows when everything runs: what is where, and three commands to paste. */
export function renderFirstSteps({
  api,
  operatorApi,
  issuer,
  sts,
  s3,
  dynamodb,
  events,
  eventBus,
  region,
  bucket,
  tenants,
}: LocalFacts): string {
  const [acme] = tenants;
  const names = tenants.map(({ tenantId }) => tenantId).join(', ');
  return `
Latchkey runs on this machine. Ctrl-C stops all of it.

  API              ${api}      (GET /local has all of this as JSON)
  operators' API   ${operatorApi}
  OpenID provider  ${issuer}
  STS              ${sts}
  S3               ${s3}      bucket ${bucket}
  DynamoDB         ${dynamodb}
  EventBridge      ${events}      bus ${eventBus}; IAM, Lambda and SQS are in GET /local
  tenants          ${names}

1. Get a token for acme:

TOKEN=$(curl -s ${acme?.tokenEndpoint} -d grant_type=client_credentials -d client_id=${acme?.clientId} \\
  -d client_secret=${acme?.clientSecret} -d scope=${acme?.scope} -d resource=${acme?.resource} \\
  | node -p 'JSON.parse(fs.readFileSync(0)).access_token')

2. Vend credentials with it, into this shell:

eval "$(curl -s -X POST ${api}/credentials -H "Authorization: Bearer $TOKEN" \\
  -H 'Content-Type: application/json' -d '{"format":"env"}')"

3. Open acme's data, and fail on globex's; with the AWS SDK (in this folder) or with the AWS CLI:

node --input-type=module -e "import { GetObjectCommand as Get, PutObjectCommand as Put, S3Client } from '@aws-sdk/client-s3';
const s3 = new S3Client({ endpoint: '${s3}', region: '${region}' }), Bucket = '${bucket}', Body = 'hello';
for (const Key of ['acme/hello.txt', 'globex/hello.txt']) console.log(Key, '->', await s3.send(new Put({ Bucket, Key, Body }))
  .then(() => s3.send(new Get({ Bucket, Key }))).then((got) => got.Body.transformToString(), ({ name }) => name));"

export AWS_ENDPOINT_URL_S3=${s3} AWS_REGION=${region}
echo hello | aws s3 cp - s3://${bucket}/acme/hello.txt && aws s3 cp s3://${bucket}/acme/hello.txt -
aws s3 ls s3://${bucket}/globex/
${operatorSteps(api)}
Web identity, SAML, IAM users with MFA, console links, AWS's denials decoded: docs/methods.md.
`;
}
