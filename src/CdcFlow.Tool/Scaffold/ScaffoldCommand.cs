using System.CommandLine;
using CdcFlow.Hosting;
using CdcFlow.Hosting.Commands;
using CdcFlow.Hosting.Observation;
using CdcFlow.Postgres.Wire;

namespace CdcFlow.Tool.Scaffold;

/// <summary><c>scaffold</c>: writes a row type for each table of a live PostgreSQL database. Changes nothing there.</summary>
internal static class ScaffoldCommand
{
    private static readonly Option<string> connection = new("--connection", "-c")
    {
        Required = true,
        HelpName = "name|string",
        Description = "A connection's name, which is looked up as ConnectionStrings:{name} in appsettings.json and the environment; or a connection string, which others can see on a command line.",
    };

    private static readonly Option<string[]> tables = new("--table", "-t")
    {
        HelpName = "table",
        AllowMultipleArgumentsPerToken = true,
        Description = "A table, as in orders or sales.orders; may be repeated. By default every table that the role may read.",
    };

    private static readonly Option<string> @namespace = new("--namespace", "-n")
    {
        HelpName = "name",
        Description = "The namespace of the row types.",
        DefaultValueFactory = _ => "Rows",
    };

    private static readonly Option<FileInfo?> output = new("--output", "-o") { HelpName = "file", Description = "The file to write. By default the standard output." };

    private static readonly Option<bool> force = new("--force") { Description = "Write over a file that is there already." };

    internal static Command Define(Terminal terminal)
    {
        var command = new Command("scaffold", "Write row types from the tables of a live PostgreSQL database.") { connection, tables, @namespace, output, force };
        command.SetAction((arguments, cancellationToken) => RunAsync(arguments, terminal, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        var file = arguments.GetValue(output);
        if (file is { Exists: true } && !arguments.GetValue(force))
        {
            throw new CdcFlowException(ToolErrorCodes.FileExists, $"The file {file.FullName} is there already.", "Write to another one, or over it: --force.");
        }

        var settings = PostgresConnectionSettings.Parse(ConnectionStrings.Find(arguments.GetRequiredValue(connection), Directory.GetCurrentDirectory()));
        var found = ReadTables(settings, arguments.GetValue(tables) ?? [], cancellationToken);
        var text = RowTypeWriter.Write(arguments.GetRequiredValue(@namespace), RowTypes.Of(found));
        await (file is null ? terminal.Out.WriteAsync(text) : File.WriteAllTextAsync(file.FullName, text, cancellationToken));
        terminal.TryWriteError(LogText.Printable($"{found.Count} {(found.Count == 1 ? "table" : "tables")} of {settings}{(file is null ? "" : $" written to {file.FullName}")}."));
        return ExitCode.Ok;
    }

    private static IReadOnlyList<DatabaseTable> ReadTables(PostgresConnectionSettings settings, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        using var server = PostgresConnection.Open(settings, SessionKind.Sql, cancellationToken);
        return new DatabaseTables(server).Read(names);
    }
}
