/** What a signature holds for: one day (yyyymmdd), one region, one service. */
export interface CredentialScope {
  readonly day: string
  readonly region: string
  readonly service: string
}

/** Whose signature, and its scope. */
export interface Credential extends CredentialScope {
  readonly accessKeyId: string
}

const form = /^([\x21-\x2e\x30-\x7e]{1,128})\/(\d{8})\/([A-Za-z0-9-]{1,64})\/([a-z0-9-]{1,32})\/aws4_request$/

/** Parses `AKID/20130524/us-east-1/s3/aws4_request`; undefined when it is not of that form. */
export function parseCredential(text: string): Credential | undefined {
  const [, accessKeyId, day, region, service] = form.exec(text) ?? []
  if (accessKeyId === undefined || day === undefined || region === undefined || service === undefined)
    return undefined
  return { accessKeyId, day, region, service }
}

/** The scope as it stands in strings to sign. */
export function scopeText({ day, region, service }: CredentialScope): string {
  return `${day}/${region}/${service}/aws4_request`
}
