import { Module } from '@nestjs/common';
import { OrganisationController } from './organisation.http';
import { OrganisationImportController } from './organisation-import.http';

@Module({ controllers: [OrganisationController, OrganisationImportController] })
export class OrganisationModule {}
