import { Module } from '@nestjs/common';
import { ContactController } from './contact.http';
import { DataSubjectRights } from './data-subject-rights.http';
import { PersonController } from './person.http';
import { PersonalDataReadsController } from './personal-data-reads.http';
import { PersonalDataVault } from './personal-data.vault';

@Module({
  controllers: [ContactController, PersonController, PersonalDataReadsController],
  providers: [PersonalDataVault, DataSubjectRights],
})
export class ContactModule {}
