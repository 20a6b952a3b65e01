namespace CdcFlow.Testing;

/// <summary>A sink of the pipeline under test, whatever its row type.</summary>
public interface ITestSink
{
    /// <summary>The sink's name.</summary>
    string Name { get; }

    /// <summary>The connection that it shares with other sinks.</summary>
    string Connection { get; }
}
