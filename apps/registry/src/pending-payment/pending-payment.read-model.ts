import { type Contract, type ContractData, paymentRequestedV1, paymentSettledV1 } from '@alliance/contracts';
import { BusContext, type CloudEvent } from '@alliance/event-bus';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { Column, Entity, type EntityManager, In, PrimaryColumn } from 'typeorm';

/** A payment of a grant that the fund has requested and not yet settled. */
@Entity('pending_payment')
export class PendingPayment {
  @PrimaryColumn('uuid', { name: 'payment_id' })
  readonly paymentId: string;
  /** The recipient. */
  @Column('uuid', { name: 'organisation_id' })
  readonly organisationId: string;
  @Column('timestamptz', { name: 'requested_at' })
  readonly requestedAt: Date;
}

/** The contracts that feed it. */
export const pendingPaymentContracts: readonly Contract[] = [paymentRequestedV1, paymentSettledV1];

type Published<C extends Contract> = CloudEvent<ContractData<C>>;

/** Writes what the fund publishes, each event once: the rows commit together with the inbox. */
@Controller()
export class PendingPaymentFeed {
  @EventPattern(paymentRequestedV1.type)
  async requested(@Payload() { data }: Published<typeof paymentRequestedV1>, @Ctx() { tx }: BusContext) {
    const { paymentId, organisationId, requestedAt } = data;
    await tx.insert(PendingPayment, { paymentId, organisationId, requestedAt });
  }

  /** Events of one payment come in order: one that nobody has requested is a fault that must not be lost. */
  @EventPattern(paymentSettledV1.type)
  async settled(@Payload() { data }: Published<typeof paymentSettledV1>, @Ctx() { tx }: BusContext) {
    const { affected } = await tx.delete(PendingPayment, { paymentId: data.paymentId });
    if (affected !== 1)
      throw new Error(`The payment ${data.paymentId} is settled, but nobody has told of its request.`);
  }
}

/** The ids of the payments to any of these organisations that are pending, as far as the bus has told. */
export async function pendingPaymentsTo(
  tx: EntityManager,
  organisationIds: readonly string[],
): Promise<readonly string[]> {
  const found = await tx.find(PendingPayment, {
    where: { organisationId: In([...organisationIds]) },
    order: { requestedAt: 'ASC', paymentId: 'ASC' },
  });
  return found.map(({ paymentId }) => paymentId);
}
