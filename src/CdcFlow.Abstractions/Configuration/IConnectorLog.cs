namespace CdcFlow.Configuration;

/// <summary>Where a connector reports lifecycle facts. Never row values, never secrets. Thread-safe.</summary>
public interface IConnectorLog
{
    /// <summary>Something a person watching would want to know.</summary>
    void Information(string message);

    /// <summary>Something that needs attention but stops nothing.</summary>
    /// <param name="code">A stable <c>CDCFnnnn</c> code.</param>
    /// <param name="message">What, and what to do.</param>
    void Warning(string code, string message);
}
