namespace CdcFlow.Testing;

/// <summary>What a sink shows is not what it should.</summary>
/// <param name="message">What is wrong, the history of the key, and how to repeat it.</param>
public sealed class AuditException(string message) : Exception(message);
