namespace CdcFlow.Postgres.Types;

/// <summary>One column of a table as the server has it.</summary>
internal sealed record ServerColumn(string Name, PostgresType Type);
