using System.CommandLine;
using CdcFlow.Hosting.Configuration;
using CdcFlow.Hosting.Progress;
using CdcFlow.Runtime;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CdcFlow.Hosting.Commands;

/// <summary>Builds the host that a verb works in: the same for all, so that what <c>validate</c> sees is what <c>run</c> gets.</summary>
internal sealed class PipelineHostFactory<TPipeline>(Action<IHostApplicationBuilder>? configure, Terminal terminal)
    where TPipeline : ICdcPipeline<TPipeline>
{
    private const string SettingsFile = "appsettings.json";

    /// <summary>Builds it; nothing is started.</summary>
    /// <param name="arguments">The parsed command line.</param>
    /// <param name="adjust">Changes the options that the configuration gives.</param>
    /// <param name="display">How progress is shown; null for log lines.</param>
    public IHost Build(ParseResult arguments, Func<PipelineOptions, PipelineOptions>? adjust = null, IProgressDisplay? display = null)
    {
        var builder = CreateBuilder(arguments);
        // Of two values for one key the later wins, as among all other places that values come from.
        builder.Configuration.AddInMemoryCollection(
            (arguments.GetValue(CommandLineOptions.Set) ?? []).GroupBy(set => set.Key, StringComparer.OrdinalIgnoreCase).Select(sets => sets.Last()));
        AddLogging(builder, arguments);
        if (display is not null)
        {
            builder.Services.AddSingleton(display);
        }

        configure?.Invoke(builder);
        builder.AddCdcPipeline<TPipeline>(adjust);
        return builder.Build();
    }

    private static HostApplicationBuilder CreateBuilder(ParseResult arguments)
    {
        try
        {
            return Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
            {
                EnvironmentName = arguments.GetValue(CommandLineOptions.Environment),
                ContentRootPath = ContentRoot(),
                Configuration = Defaults(),
            });
        }
        catch (Exception error) when (UnreadableSettings.Is(error))
        {
            throw UnreadableSettings.Of(error);
        }
    }

    private void AddLogging(HostApplicationBuilder builder, ParseResult arguments)
    {
        var isVerbose = arguments.GetValue(CommandLineOptions.Verbose);
        builder.Logging.ClearProviders();
        if (isVerbose)
        {
            builder.Logging.AddFilter("Microsoft", LogLevel.Debug).AddFilter("CdcFlow", LogLevel.Trace);
        }

        var isJson = arguments.GetValue(CommandLineOptions.JsonLog)
            || string.Equals(builder.Configuration["Logging:Console:FormatterName"], "json", StringComparison.OrdinalIgnoreCase);
        Func<LogLine, string> format = isJson ? line => line.ToJson() : line => line.ToText();
        builder.Services.AddSingleton<ILoggerProvider>(services =>
            new LineLoggerProvider(terminal, services.GetService<TimeProvider>() ?? TimeProvider.System, format, isVerbose));
    }

    // A published program is often started from elsewhere; its settings stand beside it.
    private static string ContentRoot() =>
        File.Exists(SettingsFile) ? Directory.GetCurrentDirectory() : AppContext.BaseDirectory;

    // A running pipeline does not change its configuration. Whatever is read later goes over what stands here; a value that is set on the configuration
    // itself, and not in a source of its own, would be lost when the host sets the folder of its files.
    private static ConfigurationManager Defaults()
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(
            [new("hostBuilder:reloadConfigOnChange", "false"), new("Logging:LogLevel:Microsoft", nameof(LogLevel.Warning))]);
        return configuration;
    }
}
