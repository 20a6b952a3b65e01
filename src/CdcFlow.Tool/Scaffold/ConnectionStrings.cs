using CdcFlow.Hosting.Configuration;
using Microsoft.Extensions.Configuration;

namespace CdcFlow.Tool.Scaffold;

/// <summary>A connection string by its name, from where a pipeline's program would take it.</summary>
internal static class ConnectionStrings
{
    /// <summary>The string: <paramref name="given"/> itself where it is one, otherwise what the settings in <paramref name="folder"/> or the environment say.</summary>
    /// <exception cref="CdcFlowException">CDCF1002: there is none of that name. CDCF1015: a settings file cannot be read.</exception>
    internal static string Find(string given, string folder)
    {
        if (given.Contains('=', StringComparison.Ordinal))
        {
            return given;
        }

        if (given.AsSpan().ContainsAny("/@:"))
        {
            throw new CdcFlowException(
                ErrorCodes.ConfigurationMissing,
                "What was given as the connection is an address, which is not repeated here as it may hold a password; a name, or a connection string of keywords, is needed.",
                "Write it as Host=…;Username=…;Password=…;Database=…, or give the name of one in appsettings.json or the environment.");
        }

        return Settings(folder).GetConnectionString(given) is { Length: > 0 } found ? found : throw new CdcFlowException(
            ErrorCodes.ConfigurationMissing,
            $"Connection '{given}' has no connection string.",
            $"Set ConnectionStrings:{given} in appsettings.json of {folder}, or ConnectionStrings__{given} in the environment, as in Host=…;Username=…;Password=…;Database=….");
    }

    private static IConfigurationRoot Settings(string folder)
    {
        try
        {
            return new ConfigurationBuilder()
                .SetBasePath(folder)
                .AddJsonFile("appsettings.json", optional: true)
                .AddJsonFile("appsettings.Development.json", optional: true)
                .AddEnvironmentVariables()
                .Build();
        }
        catch (Exception error) when (UnreadableSettings.Is(error))
        {
            throw UnreadableSettings.Of(error);
        }
    }
}
