namespace CdcFlow.Checkpointing.Definitions;

/// <summary>What a start does when its program has changed so that rows in its sinks are out of date or missing.</summary>
public enum OnDefinitionChange
{
    /// <summary>It says so and ends; an operator decides.</summary>
    Stop,

    /// <summary>It says so and goes on: what was written stays, and what comes from now on is the new program's.</summary>
    Warn,

    /// <summary>It says so and reads the tables again that feed these sinks.</summary>
    Resnapshot,
}
