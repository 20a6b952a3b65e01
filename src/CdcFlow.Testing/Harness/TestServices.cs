namespace CdcFlow.Testing;

/// <summary>Serves the services that the test gave.</summary>
internal sealed class TestServices(IReadOnlyDictionary<Type, object> services) : IServiceProvider
{
    public object? GetService(Type serviceType) => services.GetValueOrDefault(serviceType);
}
