namespace System.Runtime.CompilerServices;

/// <summary>What the compiler asks for to make <c>init</c> accessors and records on a framework that lacks it.</summary>
internal static class IsExternalInit;
