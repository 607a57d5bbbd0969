using System.Reflection;
using System.Reflection.Emit;

namespace Hanzo.Sessions.ProofTests;

/// <summary>Which methods of a class the code of other classes calls, read from what the compiler has made of them.</summary>
internal static class CalledVerbs
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    /// <summary>The methods of a class that a type calls, with all that is nested in it, such as its state machines.</summary>
    public static IEnumerable<MethodBase> Of(Type called, Type caller) => new[] { caller }
        .Concat(NestedIn(caller))
        .SelectMany(type => type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)))
        .SelectMany(Calls)
        .Where(method => method.DeclaringType == called);

    private static IEnumerable<Type> NestedIn(Type type) => type.GetNestedTypes(All).SelectMany(it => NestedIn(it).Prepend(it));

    private static IEnumerable<MethodBase> Calls(MethodBase caller)
    {
        var code = caller.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var position = 0; position < code.Length;)
        {
            short value = code[position++];
            if (value == 0xFE)
            {
                value = unchecked((short)(0xFE00 | code[position++]));
            }

            var operand = OpCodes[value].OperandType;
            if (operand == OperandType.InlineMethod)
            {
                var generics = caller.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
                yield return caller.Module.ResolveMethod(
                    BitConverter.ToInt32(code, position), generics, caller.IsGenericMethod ? caller.GetGenericArguments() : null)!;
            }

            position += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, position)),
                _ => 4,
            };
        }
    }
}
