using CdcFlow.Postgres.Source.Tests;

[assembly: AssemblyFixture(typeof(SharedServer))]
