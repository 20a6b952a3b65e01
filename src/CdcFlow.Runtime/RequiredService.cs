namespace CdcFlow.Runtime;

/// <summary>What generated code asks for to call a pipeline's constructor.</summary>
public static class RequiredService
{
    /// <summary>The service for a parameter of the constructor.</summary>
    /// <param name="services">The container.</param>
    /// <param name="pipeline">The pipeline's name, for the message.</param>
    /// <exception cref="CdcFlowException"><see cref="ErrorCodes.ServiceMissing"/>.</exception>
    public static T Of<T>(IServiceProvider services, string pipeline) =>
        services.GetService(typeof(T)) is T service
            ? service
            : throw new CdcFlowException(
                ErrorCodes.ServiceMissing,
                $"Pipeline '{pipeline}' needs a {typeof(T)}, and no service of that type is registered.",
                $"Register it, as in app.Services.AddSingleton<{typeof(T).Name}, …>().");
}
