import { Module } from '@nestjs/common';
import { MergeController } from './merge.http';
import { OrganisationController } from './organisation.http';
import { OrganisationImportController } from './organisation-import.http';

@Module({ controllers: [OrganisationController, OrganisationImportController, MergeController] })
export class OrganisationModule {}
