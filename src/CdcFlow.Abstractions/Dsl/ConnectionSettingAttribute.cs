namespace CdcFlow;

/// <summary>Stands on a property of a source's or sink's attribute that is a setting of the whole connection: members that name one connection cannot give it different
/// values, and the compiler says so.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ConnectionSettingAttribute : Attribute;
