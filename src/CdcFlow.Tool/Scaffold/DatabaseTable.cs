using CdcFlow.Postgres.Server;
using CdcFlow.Postgres.Types;

namespace CdcFlow.Tool.Scaffold;

/// <summary>A table that a row type is to be written for.</summary>
/// <param name="Definition">Its columns and its key.</param>
/// <param name="Columns">What a row type's properties are made of, in the table's order.</param>
internal sealed record DatabaseTable(PostgresTable Definition, IReadOnlyList<DatabaseColumn> Columns);

/// <summary>A column with its type.</summary>
/// <param name="Definition">Its name, and whether it takes NULL.</param>
/// <param name="Type">Its type, as decoding it goes.</param>
/// <param name="Enum">The enum that its texts are labels of, through domains too; null: of none.</param>
/// <param name="Dimensions">Of an array, how many dimensions it was declared with, which the server does not enforce.</param>
internal sealed record DatabaseColumn(PostgresColumn Definition, PostgresType Type, DatabaseEnum? Enum, int Dimensions);

/// <summary>An enum of the database.</summary>
/// <param name="Id">Its full name.</param>
/// <param name="Labels">Its labels, in order.</param>
internal sealed record DatabaseEnum(TableId Id, IReadOnlyList<string> Labels);
