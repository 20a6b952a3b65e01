using DotNet.Testcontainers.Builders;
using Microsoft.Extensions.Logging.Abstractions;

namespace CdcFlow.TestServers;

/// <summary>The container engine of this machine, if there is one: Docker, or what <c>DOCKER_HOST</c> names.</summary>
public static class ContainerEngine
{
    /// <summary>Null when one answers; otherwise the sentence to skip with.</summary>
    public static string? Missing { get; } = Ask();

    internal static string Image(string variable, string usual) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } named ? named : usual;

    private static string? Ask()
    {
        try
        {
            // Looks for an engine, and finds none or one that answers; nothing is made there yet.
            _ = new ContainerBuilder("none").WithLogger(NullLogger.Instance).Build();
            return null;
        }
        catch (DockerUnavailableException)
        {
            return "No container engine answers: start Docker, or set DOCKER_HOST to the socket of another one.";
        }
    }
}
