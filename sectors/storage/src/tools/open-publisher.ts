import type { Publisher, PublisherOptions } from '../gateway/publisher/create-publisher.ts'

/** Makes a publisher, whose code is loaded only now. @throws KeyFileError, PublisherError */
export async function openPublisher(options: PublisherOptions): Promise<Publisher> {
  const { createPublisher } = await import('../gateway/publisher/create-publisher.ts')
  return createPublisher(options)
}
