import { BaseError } from '@cairn/protocol'

/** A request for public data that is answered with an error, as plain text; codes are `ipfs_<status>`. */
export class IpfsError extends BaseError {
  override readonly name = 'IpfsError'
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  /** @param said for the client: what was wrong, with the value, and what was expected */
  constructor(
    status: number,
    said: string,
    { headers = {}, fix = 'Correct the request and send it again.' }: IpfsErrorDetail = {},
  ) {
    super({ code: `ipfs_${status}`, message: said, fix })
    this.status = status
    this.headers = headers
  }
}

interface IpfsErrorDetail {
  readonly headers?: Readonly<Record<string, string>>
  readonly fix?: string
}
