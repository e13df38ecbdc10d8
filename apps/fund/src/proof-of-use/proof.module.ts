import { Module } from '@nestjs/common';
import { ReceiptsVault } from './receipts.vault';
import { RepaymentController } from './repayment.http';
import { ReportController } from './report.http';
import { ReportsDueController } from './reports-due.http';

@Module({
  controllers: [ReportController, RepaymentController, ReportsDueController],
  providers: [ReceiptsVault],
})
export class ProofModule {}
