namespace CdcFlow.Runtime.Restarts;

/// <summary>What an error says of the fault that led to it.</summary>
internal static class CauseText
{
    /// <summary>The fault's message; of a foreign exception, which may quote a row, its type alone. That of an <see cref="IOException"/> is the operating system's.</summary>
    public static string Of(Exception fault) => fault is CdcFlowException or IOException ? fault.Message : $"{fault.GetType().Name}.";
}
